using System.Text;

namespace GrainKube.ApiServer.Tests.Protobuf;

/// <summary>Builds messages by hand.</summary>
internal static class Wire
{
    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Double(int field, double value) => [.. Varint(((ulong)field << 3) | 1), .. BitConverter.GetBytes(value)];

    public static byte[] Bytes(int field, params byte[][] parts)
    {
        var value = Join(parts);
        return [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)value.Length), .. value];
    }

    public static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public static byte[] Entry(int field, string key, byte[] value) => Bytes(field, Text(1, key), value);

    /// <summary>A whole body.</summary>
    public static byte[] Body(string apiVersion, string kind, params byte[][] parts) =>
        [.. "k8s\0"u8, .. Bytes(1, Text(1, apiVersion), Text(2, kind)), .. Bytes(2, parts), .. Text(3, ""), .. Text(4, "")];

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
