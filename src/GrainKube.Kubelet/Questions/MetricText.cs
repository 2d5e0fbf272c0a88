using System.Globalization;
using System.Text;

namespace GrainKube.Kubelet.Questions;

/// <summary>Metrics in Prometheus' text form.</summary>
internal sealed class MetricText
{
    /// <summary>What scrapers are told that it is.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();
    private string family = "";

    /// <summary>Begins a metric; what is added next belongs to it.</summary>
    /// <param name="name">Upstream's name.</param>
    /// <param name="type"><c>counter</c> or <c>gauge</c>.</param>
    /// <param name="help">What it says.</param>
    public MetricText Family(string name, string type, string help)
    {
        family = name;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return this;
    }

    /// <param name="value">The number.</param>
    /// <param name="labels">In the order in which they are shown.</param>
    public MetricText Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Add(value, null, labels);

    /// <param name="value">The number.</param>
    /// <param name="time">When it was measured.</param>
    /// <param name="labels">In the order in which they are shown.</param>
    public MetricText Add(double value, DateTimeOffset? time, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(family);
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        }

        text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString(CultureInfo.InvariantCulture));
        if (time is { } at)
        {
            text.Append(' ').Append(at.ToUnixTimeMilliseconds());
        }

        text.Append('\n');
        return this;
    }

    public override string ToString() => text.ToString();

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
