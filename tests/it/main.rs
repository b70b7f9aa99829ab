//! Everything that needs the whole crate.

mod hostile;
mod source_corpus;
