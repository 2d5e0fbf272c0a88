namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>What a value is at run time. <see cref="Error"/> is a value too: <c>&amp;&amp;</c> and <c>||</c> may absorb it.</summary>
public enum CelKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
    Optional,

    /// <summary>A value of an extension library: quantity, URL, IP, authorizer, …</summary>
    Opaque,
    Error,
}
