//! Inputs: finding them, reading their facts, decoding them into one reference.
