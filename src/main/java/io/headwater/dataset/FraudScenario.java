package io.headwater.dataset;

/** Why a generated purchase is fraud; the ordinals are the Fraud Detection Handbook's numbers. */
public enum FraudScenario {
    NONE,
    /** Its amount gives it away. */
    AMOUNT,
    /** The terminal is compromised. */
    TERMINAL,
    /** The card's data was stolen. */
    CARD
}
