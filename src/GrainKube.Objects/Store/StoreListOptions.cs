namespace GrainKube.Objects.Store;

/// <summary>Bounds of a list.</summary>
public readonly record struct StoreListOptions
{
    /// <summary>The revision to list at; 0 means the newest.</summary>
    public long Revision { get; init; }

    /// <summary>At most so many entries; 0 means all.</summary>
    public int Limit { get; init; }

    /// <summary>Only keys after this one (the last key of the page before); null means from the start.</summary>
    public string? After { get; init; }

    /// <summary>Keys and revisions are enough; <see cref="StoreValue.Value"/> is empty.</summary>
    public bool KeysOnly { get; init; }
}
