using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>Reads the plugin's part of a file of kind <c>AdmissionConfiguration</c>.</summary>
public static class PodSecurityFile
{
    private static readonly string[] ModeNames = ["enforce", "audit", "warn"];

    /// <exception cref="FormatException">The file is no such thing, or names what there is not.</exception>
    public static PodSecurityOptions Read(string yaml)
    {
        var file = YamlFile.Parse(Encoding.UTF8.GetBytes(yaml), "the admission configuration cannot be read");
        if ((string?)file["kind"] != "AdmissionConfiguration")
        {
            throw new FormatException("the file is no AdmissionConfiguration");
        }

        var given = (file["plugins"] as JsonArray ?? []).FirstOrDefault(p => (string?)p?["name"] == "PodSecurity")?["configuration"];
        if (given is null)
        {
            return new PodSecurityOptions();
        }

        var defaults = given["defaults"];
        var modes = ModeNames.Select(mode => $"{(string?)defaults?[mode] ?? "privileged"}:{(string?)defaults?[$"{mode}-version"] ?? "latest"}").ToArray();
        if (modes.FirstOrDefault(m => m.Split(':') is not [var level, var version] || !LevelVersion.TryParseLevel(level, out _) || !LevelVersion.TryParseVersion(version, out _)) is { } unknown)
        {
            throw new FormatException($"'{unknown}' is no level and version of the Pod Security Standards");
        }

        var exempt = given["exemptions"];
        return new PodSecurityOptions
        {
            Enforce = modes[0],
            Audit = modes[1],
            Warn = modes[2],
            ExemptUsernames = Texts(exempt?["usernames"]),
            ExemptRuntimeClasses = Texts(exempt?["runtimeClasses"]),
            ExemptNamespaces = Texts(exempt?["namespaces"]),
        };
    }

    private static string[] Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(t => (string?)t ?? "")];
}
