namespace GrainKube.Resources.Protobuf;

/// <summary>What a field carries. All but the first six are messages on the wire, and all but the last are written as something else than an object in JSON.</summary>
public enum WireType
{
    String,
    Bool,
    Int32,
    Int64,
    Double,
    Bytes,

    /// <summary>Seconds and nanoseconds of the Unix epoch; RFC 3339 to the second in JSON.</summary>
    Time,

    /// <summary>As <see cref="Time"/>, with six digits of the second.</summary>
    MicroTime,

    /// <summary>A message with the quantity's text in field 1.</summary>
    Quantity,

    /// <summary>A message with type (0 integer, 1 string), integer and string.</summary>
    IntOrString,

    /// <summary>A message with ready-made JSON in field 1.</summary>
    Json,

    /// <summary>A message with a list of strings in field 1.</summary>
    StringList,
    Message,
}
