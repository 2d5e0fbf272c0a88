using System.Text.Json;

namespace GrainKube.ApiServer.Streaming;

/// <summary>The size of a client's terminal.</summary>
internal readonly record struct TerminalSize(ushort Width, ushort Height)
{
    /// <returns>Null where it cannot be read; as upstream, that changes nothing.</returns>
    public static TerminalSize? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var size = JsonDocument.Parse(json);
            return new TerminalSize(size.RootElement.GetProperty("Width").GetUInt16(), size.RootElement.GetProperty("Height").GetUInt16());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
