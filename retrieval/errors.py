"""What can go wrong while a folder is read; finding nothing is no error.

RetrievalError
├── FolderError     the folder is missing, cannot be listed, or holds no document that can be read
├── SourcesError    sources.toml cannot be understood
├── DocumentError   one document cannot be read; the others still serve
└── JudgementError  a file of judged questions cannot be understood

Each message is a sentence for the operator that names the file and what to do.
"""


class RetrievalError(Exception):
    """The family of this package."""


class FolderError(RetrievalError):
    """The folder of documents cannot be used."""


class SourcesError(RetrievalError):
    """`sources.toml` is not what it should be; nothing is served until it is mended."""


class DocumentError(RetrievalError):
    """One document cannot be read."""


class JudgementError(RetrievalError):
    """A line of a file of judgements is not one."""
