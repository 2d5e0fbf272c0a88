namespace GrainKube.Objects.Store;

/// <summary>Why a store refused or failed.</summary>
public enum StoreError
{
    /// <summary>The server cannot be reached or answers nothing; no write happened.</summary>
    Unavailable,

    /// <summary>The write may or may not have happened, and the store cannot be asked.</summary>
    OutcomeUnknown,

    /// <summary>The revision asked for was compacted.</summary>
    Compacted,

    /// <summary>The revision asked for does not exist yet.</summary>
    FutureRevision,

    /// <summary>Disk full or quota reached; no write happened.</summary>
    NoSpace,

    /// <summary>The value or the transaction is larger than the store takes.</summary>
    TooLarge,

    /// <summary>The store refuses the credentials.</summary>
    Unauthorized,

    /// <summary>The store was written by a newer format, or is damaged.</summary>
    Unreadable,

    /// <summary>Who keeps the keys that values are encrypted with does not give them at the moment; no write happened.</summary>
    KeysUnavailable,
}
