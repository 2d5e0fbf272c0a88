using System.Globalization;
using System.Text.RegularExpressions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>Versions as clients shall prefer them: stable before beta before alpha, the higher number first, then whatever else by name.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Rank(x!), Rank(y!));
        var order = left.Stability.CompareTo(right.Stability);
        order = order != 0 ? order : right.Major.CompareTo(left.Major);
        order = order != 0 ? order : right.Minor.CompareTo(left.Minor);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static (int Stability, int Major, int Minor) Rank(string version)
    {
        var match = Form().Match(version);
        if (!match.Success)
        {
            return (3, 0, 0);
        }

        var stability = match.Groups["stage"].Value switch { "beta" => 1, "alpha" => 2, _ => 0 };
        return (stability, Number(match.Groups["major"].Value), Number(match.Groups["minor"].Value));
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^v(?<major>[0-9]{1,9})((?<stage>alpha|beta)(?<minor>[0-9]{1,9}))?$")]
    private static partial Regex Form();
}
