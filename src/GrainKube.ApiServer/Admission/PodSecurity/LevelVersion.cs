using System.Globalization;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>A level as a release of Kubernetes defined it.</summary>
/// <param name="Level">The level.</param>
/// <param name="Minor">The minor version of the release; <see cref="Latest"/> for whatever holds now.</param>
internal readonly record struct LevelVersion(SecurityLevel Level, int Minor)
{
    public const int Latest = int.MaxValue;

    /// <summary>Reads <c>latest</c> or <c>v1.N</c>.</summary>
    public static bool TryParseVersion(string text, out int minor)
    {
        minor = Latest;
        return text == "latest"
            || (text.StartsWith("v1.", StringComparison.Ordinal)
                && text.Length > 3
                && (text.Length == 4 || text[3] != '0')
                && text.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0
                && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out minor));
    }

    /// <summary>Reads the name of a level.</summary>
    public static bool TryParseLevel(string text, out SecurityLevel level)
    {
        level = text switch
        {
            "privileged" => SecurityLevel.Privileged,
            "baseline" => SecurityLevel.Baseline,
            _ => SecurityLevel.Restricted,
        };
        return text is "privileged" or "baseline" or "restricted";
    }

    /// <summary>Both mean the same to a pod.</summary>
    public bool IsLike(LevelVersion other) => this == other || (Level == SecurityLevel.Privileged && other.Level == SecurityLevel.Privileged);

    /// <summary>As people write it: <c>restricted:latest</c>.</summary>
    public override string ToString()
    {
        var version = Minor == Latest ? "latest" : string.Create(CultureInfo.InvariantCulture, $"v1.{Minor}");
        return $"{Level.ToString().ToLowerInvariant()}:{version}";
    }
}
