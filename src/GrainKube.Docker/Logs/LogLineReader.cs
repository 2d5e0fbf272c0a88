using System.Buffers;
using System.Text;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Logs;

/// <summary>Cuts one stream of a log with timestamps into its entries: "time, space, text, newline".</summary>
/// <remarks>The engine keeps a long line as pieces of 16 KiB without a newline, each with a time of its own.</remarks>
internal sealed class LogLineReader(bool isStderr)
{
    private const int PieceSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte> pending = new();

    /// <summary>The entries that are complete with these further bytes.</summary>
    public List<LogLine> Append(ReadOnlySpan<byte> bytes)
    {
        pending.Write(bytes);
        var lines = new List<LogLine>();
        var rest = pending.WrittenSpan;
        while (TryTake(ref rest, out var line))
        {
            lines.Add(line);
        }

        Keep(rest);
        return lines;
    }

    /// <summary>What is left at the end of the log: the last line had no newline.</summary>
    public LogLine? Finish()
    {
        var rest = pending.WrittenSpan;
        var space = rest.IndexOf((byte)' ');
        return space > 0 && space + 1 < rest.Length ? ToLine(rest[..space], rest[(space + 1)..]) : null;
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, out LogLine line)
    {
        line = default;
        var space = rest.IndexOf((byte)' ');
        if (space < 0)
        {
            return false;
        }

        var text = rest[(space + 1)..];
        var newline = text[..Math.Min(text.Length, PieceSize)].IndexOf((byte)'\n');
        if (newline < 0 && text.Length < PieceSize)
        {
            return false;
        }

        text = text[..(newline < 0 ? PieceSize : newline + 1)];
        line = ToLine(rest[..space], text);
        rest = rest[(space + 1 + text.Length)..];
        return true;
    }

    private LogLine ToLine(ReadOnlySpan<byte> time, ReadOnlySpan<byte> text) =>
        new(EngineTime.Parse(Encoding.ASCII.GetString(time)) ?? DateTimeOffset.UnixEpoch, isStderr, text.ToArray());

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == pending.WrittenCount)
        {
            return;
        }

        var kept = rest.ToArray();
        pending.ResetWrittenCount();
        pending.Write(kept);
    }
}
