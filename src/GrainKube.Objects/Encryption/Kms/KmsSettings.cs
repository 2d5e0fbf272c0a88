using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>A plugin that keeps keys, as the configuration names it.</summary>
/// <param name="Name">Stands in every value that it encrypts.</param>
/// <param name="Socket">Path of its Unix socket; one that begins with a zero character has no file (Linux' abstract names).</param>
/// <param name="Timeout">Of one call.</param>
internal sealed partial record KmsSettings(string Name, string Socket, TimeSpan Timeout)
{
    private const string Old = "KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);

    /// <param name="provider">What stands under <c>kms</c>.</param>
    /// <param name="names">Names of plugins so far; this one's is added.</param>
    /// <param name="errors">Its place.</param>
    /// <returns>Null where it makes no sense; the errors say why, in upstream's words.</returns>
    public static KmsSettings? Parse(JsonObject provider, ISet<string> names, FieldErrors errors)
    {
        var name = Text(provider, "name");
        var version = Text(provider, "apiVersion") is { Length: > 0 } given ? given : "v1";
        errors.At("name").MustBeSet(name, "name is a mandatory field for a provider");
        if (version != "v1" && name.Contains(':', StringComparison.Ordinal))
        {
            errors.At("name").Invalid(name, $"invalid KMS provider name {name}, must not contain ':'");
        }

        if (!names.Add(name))
        {
            errors.At("name").Invalid(name, $"duplicate KMS provider name {name}, names must be unique");
        }

        var timeout = TimeoutOf(provider["timeout"], errors.At("timeout"));
        var socket = SocketOf(Text(provider, "endpoint"), errors.At("endpoint"));
        if (version != "v1" && provider["cachesize"] is { } size)
        {
            errors.At("cachesize").Invalid(size, "cachesize is not supported in v2");
        }

        switch (version)
        {
            case "v1":
                errors.Forbidden(Old);
                break;
            case not "v2":
                errors.At("apiVersion").Invalid(version, "unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported");
                break;
        }

        return errors.IsEmpty ? new KmsSettings(name, socket!, timeout) : null;
    }

    private static TimeSpan TimeoutOf(JsonNode? node, FieldErrors errors)
    {
        if (node is null)
        {
            return DefaultTimeout;
        }

        var text = node is JsonValue value && value.TryGetValue<string>(out var given) ? given : "";
        if (GoDuration.Read(text, out _) is { } wrong)
        {
            errors.Invalid(node, wrong);
        }

        if (GoDuration.TryParse(text, out var timeout) && timeout <= TimeSpan.Zero)
        {
            errors.Invalid(text, "timeout should be a positive value");
        }

        return timeout;
    }

    private static string? SocketOf(string endpoint, FieldErrors errors)
    {
        if (endpoint.Length == 0)
        {
            errors.Invalid("", "endpoint is a mandatory field for a kms");
            return null;
        }

        if (Scheme().Match(endpoint).Groups[1].Value is not "unix" and var scheme)
        {
            errors.Invalid(endpoint, $"unsupported scheme \"{scheme}\" for KMS provider, only unix is supported");
            return null;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.AbsolutePath.Length < 2)
        {
            errors.Invalid(endpoint, "invalid endpoint for kms provider, error: no path of a socket");
            return null;
        }

        var path = Uri.UnescapeDataString(address.AbsolutePath);
        return path.StartsWith("/@", StringComparison.Ordinal) ? "\0" + path[2..] : path;
    }

    private static string Text(JsonObject provider, string name) => provider[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex("^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?")]
    private static partial Regex Scheme();
}
