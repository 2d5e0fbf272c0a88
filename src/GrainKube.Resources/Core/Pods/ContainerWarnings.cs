using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Warnings about the containers of a pod, its init containers first.</summary>
internal static class ContainerWarnings
{
    private const string Seccomp = "container.seccomp.security.alpha.kubernetes.io/";
    private const string AppArmor = "container.apparmor.security.beta.kubernetes.io/";

    public static void Add(IDictionary<string, string> annotations, V1PodSpec spec, string path, IList<string> warnings)
    {
        foreach (var (containers, list) in (ReadOnlySpan<(IList<V1Container>?, string)>)[(spec.InitContainers, "initContainers"), (spec.Containers, "containers")])
        {
            for (var i = 0; i < containers?.Count; i++)
            {
                var (container, place) = (containers[i], $"{path}spec.{list}[{i}]");
                if (annotations.Count > 0)
                {
                    OldAnnotations(container, annotations, (path, spec), warnings);
                }

                Fractions(container.Resources?.Limits, $"{place}.resources.limits", warnings);
                Fractions(container.Resources?.Requests, $"{place}.resources.requests", warnings);
                Environment(container.Env, place, warnings);
            }
        }
    }

    /// <summary>Memory and storage come in whole bytes.</summary>
    public static void Fractions(IDictionary<string, ResourceQuantity>? amounts, string path, IList<string> warnings)
    {
        foreach (var name in (ReadOnlySpan<string>)["memory", "ephemeral-storage"])
        {
            Fraction(amounts, name, path, warnings);
        }
    }

    public static void Fraction(IDictionary<string, ResourceQuantity>? amounts, string name, string path, IList<string> warnings)
    {
        if (amounts?.TryGetValue(name, out var amount) == true && !amount.ToQuantity().IsWhole)
        {
            warnings.Add($"{path}[{name}]: fractional byte value \"{amount}\" is invalid, must be an integer");
        }
    }

    private static void OldAnnotations(V1Container container, IDictionary<string, string> annotations, (string Path, V1PodSpec Spec) pod, IList<string> warnings)
    {
        var seccomp = Seccomp + container.Name;
        if (container.SecurityContext?.SeccompProfile is null && annotations.ContainsKey(seccomp))
        {
            warnings.Add($"{pod.Path}metadata.annotations[{seccomp}]: non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }

        var armor = AppArmor + container.Name;
        if (container.SecurityContext?.AppArmorProfile is null && pod.Spec.SecurityContext?.AppArmorProfile is null && annotations.ContainsKey(armor))
        {
            warnings.Add($"{pod.Path}metadata.annotations[{armor}]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
    }

    /// <summary>A variable may build on an earlier one of its name; without that the earlier one has no effect, and an apply may lose either.</summary>
    private static void Environment(IList<V1EnvVar>? variables, string path, IList<string> warnings)
    {
        if (variables is not { Count: > 1 })
        {
            return;
        }

        var seen = new SeenTexts();
        for (var i = 0; i < variables.Count; i++)
        {
            var name = variables[i].Name ?? "";
            if (!seen.Add(name) && !BuildsOn(variables[i], $"$({name})"))
            {
                warnings.Add($"{path}.env[{i}]: hides previous definition of \"{name}\", which may be dropped when using apply");
            }
        }
    }

    private static bool BuildsOn(V1EnvVar variable, string reference) =>
        variable.ValueFrom is null && variable.Value != reference && variable.Value?.Contains(reference, StringComparison.Ordinal) == true;
}
