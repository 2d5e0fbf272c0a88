using System.Globalization;

namespace GrainKube.Server.Tests.Samples;

/// <summary>How long the long tests run.</summary>
internal static class Settings
{
    /// <summary>Seconds from the environment, or as many as these.</summary>
    public static TimeSpan Seconds(string variable, int otherwise) =>
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise);
}
