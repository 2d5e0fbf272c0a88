using System.Globalization;
using System.Text;

namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>One request as it is sent.</summary>
internal sealed record FuzzCase(string Method, string Path)
{
    public byte[]? Body { get; init; }

    public string? ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>As curl would need it, for the report of a failure.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Path}");
        foreach (var (name, value) in Headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name}: {value}");
        }

        return Body is null ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"\nContent-Type: {ContentType}\n\n{Encoding.UTF8.GetString(Body)}").ToString();
    }
}
