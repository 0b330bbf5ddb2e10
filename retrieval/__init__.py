"""Answers from a folder of documents, in the documents' own words.

Plain synchronous code that knows no Telegram, no settings and no database:

    folder = read_folder(Path("seeds"))
    answer = Index(folder.documents).ask("who appointed Kyzym")
"""
