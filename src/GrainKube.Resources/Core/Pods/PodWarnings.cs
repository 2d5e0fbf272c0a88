using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>What is allowed in a pod spec but will hardly do what its author wants.</summary>
internal static class PodWarnings
{
    public static void Add(V1PodSpec? spec, string path, IList<string> warnings)
    {
        if (spec is null)
        {
            return;
        }

        if (spec.TerminationGracePeriodSeconds < 0)
        {
            warnings.Add($"{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }

        Containers(spec.InitContainers, path, "initContainers", warnings);
        Containers(spec.Containers, path, "containers", warnings);
    }

    private static void Containers(IList<V1Container>? containers, string path, string list, IList<string> warnings)
    {
        for (var i = 0; i < containers?.Count; i++)
        {
            Fractions(containers[i].Resources?.Limits, (path, list, i, "limits"), warnings);
            Fractions(containers[i].Resources?.Requests, (path, list, i, "requests"), warnings);
            if (containers[i].Env is not { Count: > 1 } variables)
            {
                continue;
            }

            var seen = new SeenTexts();
            for (var e = 0; e < variables.Count; e++)
            {
                var name = variables[e].Name ?? "";
                if (!seen.Add(name))
                {
                    warnings.Add($"{path}.{list}[{i}].env[{e}]: hides previous definition of \"{name}\", which may be dropped when using apply");
                }
            }
        }
    }

    private static void Fractions(IDictionary<string, ResourceQuantity>? amounts, (string Path, string List, int Index, string What) at, IList<string> warnings)
    {
        foreach (var name in (ReadOnlySpan<string>)["memory", "ephemeral-storage"])
        {
            if (amounts?.TryGetValue(name, out var amount) == true && !amount.ToQuantity().IsWhole)
            {
                warnings.Add($"{at.Path}.{at.List}[{at.Index}].resources.{at.What}[{name}]: fractional byte value \"{amount}\" is invalid, must be an integer");
            }
        }
    }
}
