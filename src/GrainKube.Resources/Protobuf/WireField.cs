using System.Text.Json;

namespace GrainKube.Resources.Protobuf;

/// <summary>One field of a message.</summary>
/// <param name="Number">Its number on the wire.</param>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">What it carries.</param>
/// <param name="Shape">How often.</param>
/// <param name="OmitZero">JSON leaves the zero value out.</param>
/// <param name="Inline">The fields of the message stand in JSON beside those of the message around it.</param>
public sealed record WireField(int Number, JsonEncodedText Name, WireType Type, WireShape Shape, bool OmitZero, bool Inline)
{
    /// <summary>The message that the field carries, set where <see cref="Type"/> is <see cref="WireType.Message"/>.</summary>
    public WireMessage? Message { get; internal set; }
}
