namespace GrainKube.ApiMachinery.Schemas;

/// <summary>The content does not fit the schema; the message is what upstream's decoder says.</summary>
/// <param name="message">For example <c>json: cannot unmarshal number into Go value of type string</c>.</param>
/// <param name="unrecognized">True when not even apiVersion and kind could be read: it is no JSON, or no object.</param>
public sealed class DecodeException(string message, bool unrecognized = false) : Exception(message)
{
    /// <summary>The text is no JSON object at all.</summary>
    public bool Unrecognized { get; } = unrecognized;
}
