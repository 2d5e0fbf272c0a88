namespace GrainKube.ApiServer.Protobuf;

/// <summary>The bytes are not what they say they are. The message is for the client.</summary>
internal sealed class ProtobufException(string message) : Exception(message)
{
    public static ProtobufException Truncated() => new("unexpected EOF");

    /// <param name="wireType">What came.</param>
    /// <param name="field">Where.</param>
    public static ProtobufException WrongWireType(int wireType, string field) => new($"proto: wrong wireType = {wireType} for field {field}");
}
