using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>What a namespace's labels say of its pods.</summary>
/// <param name="Enforce">What is refused.</param>
/// <param name="Audit">What is noted.</param>
/// <param name="Warn">What the user is warned of.</param>
internal readonly record struct NamespacePolicy(LevelVersion Enforce, LevelVersion Audit, LevelVersion Warn)
{
    public const string Prefix = "pod-security.kubernetes.io/";
    private const string LevelRule = "must be one of privileged, baseline, restricted";
    private const string VersionRule = "must be \"latest\" or \"v1.x\"";

    public bool IsPrivileged => Enforce.Level == SecurityLevel.Privileged && Audit.Level == SecurityLevel.Privileged && Warn.Level == SecurityLevel.Privileged;

    /// <summary>Reads labels. What cannot be read is an error, and counts as restricted for what is refused, as privileged for the rest.</summary>
    public static NamespacePolicy From(IReadOnlyDictionary<string, string> labels, NamespacePolicy defaults, FieldErrors errors)
    {
        var enforce = Mode(labels, "enforce", defaults.Enforce, SecurityLevel.Restricted, errors, out var levelGiven, out _);
        var audit = Mode(labels, "audit", defaults.Audit, SecurityLevel.Privileged, errors, out _, out _);
        var warn = Mode(labels, "warn", defaults.Warn, SecurityLevel.Privileged, errors, out _, out var warnVersionGiven);

        // Whoever refuses a level wants to warn of it at workloads, too, unless he says otherwise.
        if (!labels.ContainsKey(Prefix + "warn") && levelGiven && enforce.Level > warn.Level)
        {
            warn = new LevelVersion(enforce.Level, warnVersionGiven ? warn.Minor : enforce.Minor);
        }

        return new NamespacePolicy(enforce, audit, warn);
    }

    /// <summary>The policy of a namespace that is stored. Every write of a pod asks; most namespaces say nothing.</summary>
    public static NamespacePolicy Of(KubeObject ns, NamespacePolicy defaults) =>
        ns.Derive(static item => new Silence(!item.Header.Labels.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal)))).SaysNothing
            ? defaults
            : From(ns.Header.Labels, defaults, new FieldErrors());

    private static LevelVersion Mode(
        IReadOnlyDictionary<string, string> labels, string mode, LevelVersion given, SecurityLevel wrong, FieldErrors errors, out bool hasLevel, out bool hasVersion)
    {
        hasLevel = false;
        if (labels.TryGetValue(Prefix + mode, out var level))
        {
            hasLevel = LevelVersion.TryParseLevel(level, out var read);
            given = given with { Level = hasLevel ? read : wrong };
            if (!hasLevel)
            {
                errors.At("metadata").At("labels").Key(Prefix + mode).Invalid(level, LevelRule);
            }
        }

        hasVersion = labels.TryGetValue($"{Prefix}{mode}-version", out var version);
        if (hasVersion)
        {
            if (!LevelVersion.TryParseVersion(version!, out var minor))
            {
                errors.At("metadata").At("labels").Key($"{Prefix}{mode}-version").Invalid(version, VersionRule);
                minor = LevelVersion.Latest;
            }

            given = given with { Minor = minor };
        }

        return given;
    }

    private sealed record Silence(bool SaysNothing);
}
