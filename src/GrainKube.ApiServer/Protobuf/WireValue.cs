namespace GrainKube.ApiServer.Protobuf;

/// <summary>One field as it came: a number, or a range of the message's bytes.</summary>
/// <param name="Field">Its number.</param>
/// <param name="Kind">Its wire type: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.</param>
/// <param name="Number">The value of wire types 0, 1 and 5.</param>
/// <param name="Start">Where its bytes, or its number, begin in the message; it also tells which came first.</param>
/// <param name="Length">How many bytes wire type 2 has.</param>
internal readonly record struct WireValue(int Field, int Kind, ulong Number, int Start, int Length)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    /// <summary>The range in <paramref name="message"/> of a length-delimited field.</summary>
    /// <param name="message">The message that the value was read from.</param>
    /// <param name="name">How the field is called in the complaint.</param>
    /// <exception cref="ProtobufException">Another wire type.</exception>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> message, string name) =>
        Kind == Bytes ? message.Slice(Start, Length) : throw ProtobufException.WrongWireType(Kind, name);
}
