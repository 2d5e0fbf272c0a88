namespace GrainKube.Resources.Protobuf;

/// <summary>How often a field's value may come.</summary>
public enum WireShape
{
    One,

    /// <summary>A list.</summary>
    Many,

    /// <summary>Entries with a string key in field 1 and the value in field 2.</summary>
    Map,
}
