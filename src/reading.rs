//! How a number is read: in which unit, and which way is better.

use crate::choice::choices;

choices! {
    /// Which direction is better.
    #[derive(Default)]
    pub enum Better {
        Higher => "higher", "Higher is better", "More is better.";
        Lower => "lower", "Lower is better", "Less is better.";
        #[default]
        None => "none", "Neither is better", "It describes, and nobody wins by it.";
    }
}

choices! {
    /// What a number counts.
    #[derive(Default)]
    pub enum Unit {
        Percent => "%", "Share", "A share, 0..1, which people read in %.";
        Nat => "nat", "Nat", "Information, by the natural logarithm.";
        #[default]
        Number => "", "Number", "A plain number.";
    }
}
