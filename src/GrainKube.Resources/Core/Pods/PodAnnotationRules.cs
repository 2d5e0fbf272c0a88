using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the annotations of a pod that mean something to the cluster, old ones among them.</summary>
internal static class PodAnnotationRules
{
    public const string Mirror = "kubernetes.io/config.mirror";
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private const string AppArmor = "container.apparmor.security.beta.kubernetes.io/";
    private const string PodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
    private const string Localhost = "localhost/";

    public static void Check(V1Pod pod, V1PodSpec spec, FieldErrors errors)
    {
        foreach (var (key, value) in pod.Metadata?.Annotations ?? new Dictionary<string, string>())
        {
            switch (key)
            {
                case Mirror when string.IsNullOrEmpty(spec.NodeName):
                    errors.Key(key).Invalid(value, "must set spec.nodeName if mirror pod annotation is set");
                    break;
                case DeletionCost when !IsInteger(value):
                    errors.Key(key).Invalid(value, "must be a 32bit integer");
                    break;
                case PodSeccomp:
                    Seccomp(value, errors.At(key));
                    break;
                case not null when key.StartsWith(ContainerSeccomp, StringComparison.Ordinal):
                    Seccomp(value, errors.At(key));
                    break;
                case not null when key.StartsWith(AppArmor, StringComparison.Ordinal):
                    Profile(key, value, spec, errors.Key(key));
                    break;
            }
        }
    }

    /// <summary>What says how a pod is confined, or that it is a node's own, stays.</summary>
    public static void Stay(V1Pod next, V1Pod current, FieldErrors errors)
    {
        var (now, old) = (next.Metadata?.Annotations ?? new Dictionary<string, string>(), current.Metadata?.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in old)
        {
            if (Concerns(key) is { } what && (!now.TryGetValue(key, out var other) || other != value))
            {
                errors.Key(key).Forbidden($"may not remove or update {what}");
            }
        }

        foreach (var key in now.Keys)
        {
            if (Concerns(key) is { } what && !old.ContainsKey(key))
            {
                errors.Key(key).Forbidden($"may not add {what}");
            }
        }
    }

    /// <summary>On create an old annotation and the field that replaced it say the same.</summary>
    public static void MatchFields(V1Pod pod, V1PodSpec spec, FieldErrors errors)
    {
        if (pod.Metadata?.Annotations is not { Count: > 0 } annotations)
        {
            return;
        }

        if (spec.SecurityContext?.SeccompProfile is { } profile && annotations.TryGetValue(PodSeccomp, out var text))
        {
            SeccompMatches(text, profile, errors.At("securityContext").At("seccompProfile"));
        }

        Containers(spec.InitContainers, "initContainers");
        Containers(spec.Containers, "containers");

        void Containers(IList<V1Container>? containers, string list)
        {
            for (var i = 0; i < containers?.Count; i++)
            {
                var (context, place) = (containers[i].SecurityContext, errors.At(list).At(i).At("securityContext"));
                if (context?.SeccompProfile is { } seccomp && annotations.TryGetValue(ContainerSeccomp + containers[i].Name, out var old))
                {
                    SeccompMatches(old, seccomp, place.At("seccompProfile"));
                }

                if (spec.Os?.Name != "windows" && (context?.AppArmorProfile ?? spec.SecurityContext?.AppArmorProfile) is { } armor
                    && annotations.TryGetValue(AppArmor + containers[i].Name, out old))
                {
                    Matches(old, "apparmor", armor.Type, armor.LocalhostProfile, old == "runtime/default", place.At("appArmorProfile"));
                }
            }
        }
    }

    private static string? Concerns(string key) =>
        key == Mirror ? "mirror pod annotation" : key.StartsWith(AppArmor, StringComparison.Ordinal) ? "AppArmor annotations" : null;

    private static bool IsInteger(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && text == value.ToString(CultureInfo.InvariantCulture);

    private static void Seccomp(string profile, FieldErrors errors)
    {
        if (profile.StartsWith(Localhost, StringComparison.Ordinal))
        {
            PathRules.LocalDescending(profile[Localhost.Length..], errors);
        }
        else if (profile is not ("runtime/default" or "docker/default" or "unconfined"))
        {
            errors.Invalid(profile, "must be a valid seccomp profile");
        }
    }

    private static void Profile(string key, string profile, V1PodSpec spec, FieldErrors errors)
    {
        var name = key[AppArmor.Length..];
        if ((spec.InitContainers ?? []).Concat(spec.Containers ?? []).All(c => c.Name != name) && spec.EphemeralContainers?.Any(c => c.Name == name) != true)
        {
            errors.Invalid(name, "container not found");
        }

        if (profile is not ("" or "runtime/default" or "unconfined") && !profile.StartsWith(Localhost, StringComparison.Ordinal))
        {
            errors.Invalid(profile, $"invalid AppArmor profile name: \"{profile}\"");
        }
    }

    private static void SeccompMatches(string text, V1SeccompProfile profile, FieldErrors errors) =>
        Matches(text, "seccomp", profile.Type, profile.LocalhostProfile, text is "runtime/default" or "docker/default", errors);

    private static void Matches(string text, string what, string? type, string? file, bool isDefault, FieldErrors errors)
    {
        var agrees = type switch
        {
            "Unconfined" => text == "unconfined",
            "RuntimeDefault" => isDefault,
            "Localhost" => text.StartsWith(Localhost, StringComparison.Ordinal),
            _ => true,
        };
        if (!agrees)
        {
            errors.At("type").Forbidden($"{what} type in annotation and field must match");
        }
        else if (type == "Localhost" && text[Localhost.Length..] != file)
        {
            errors.At("localhostProfile").Forbidden($"{what} profile in annotation and field must match");
        }
    }
}
