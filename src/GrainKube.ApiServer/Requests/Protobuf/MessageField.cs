namespace GrainKube.ApiServer.Requests.Protobuf;

/// <summary>A field of a message on the wire.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Shape">How often it occurs and where it stands.</param>
/// <param name="Type">A scalar's letter, a special type, or the whole name of a message.</param>
/// <param name="KeepsZero">Zero was said on purpose and stays.</param>
internal sealed record MessageField(string Name, MessageField.Shapes Shape, string Type, bool KeepsZero)
{
    internal enum Shapes
    {
        One,
        Repeated,
        Map,

        /// <summary>The fields of the message stand in its parent.</summary>
        Inline,
    }

    /// <summary>A letter, or one of the types with a JSON form of their own.</summary>
    public bool IsScalar => Type.Length == 1 || Type is "Quantity" or "Raw" or "Time" or "MicroTime" or "IntOrString";
}
