using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Defaults of a pod: those of its spec, and some that templates do not get, so that they show only in pods.</summary>
internal sealed class PodDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        if (item.Object("spec") is not { } spec)
        {
            item["spec"] = spec = [];
        }

        PodSpecDefaults.Apply(spec);
        ContainerDefaults.RoundToMilli(spec.Object("overhead"));
        spec.DefaultTo("enableServiceLinks", true);
        var hostNetwork = spec.Flag("hostNetwork");
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (var container in spec.Objects(list))
            {
                RequestWhatIsLimited(container.Ensure("resources"));
                if (hostNetwork)
                {
                    UseHostPorts(container);
                }
            }
        }

        if (spec.Object("resources") is { } whole)
        {
            RequestForWholePod(spec, whole);
        }
    }

    public void ApplyToStatus(JsonObject item)
    {
        // It has none.
    }

    private static void RequestWhatIsLimited(JsonObject resources)
    {
        if (resources.Object("limits") is not { Count: > 0 } limits)
        {
            return;
        }

        var requests = resources.Ensure("requests");
        foreach (var (name, amount) in limits)
        {
            if (!requests.ContainsKey(name))
            {
                requests[name] = amount?.DeepClone();
            }
        }
    }

    private static void UseHostPorts(JsonObject container)
    {
        foreach (var port in container.Objects("ports"))
        {
            if (port.Number("containerPort") is { } number)
            {
                port.DefaultZeroTo("hostPort", number);
            }
        }
    }

    /// <summary>A pod with limits of its own requests what its containers do together, or else its limits.</summary>
    private static void RequestForWholePod(JsonObject spec, JsonObject resources)
    {
        if (resources.Object("limits") is not { Count: > 0 } limits)
        {
            return;
        }

        var requests = resources.Ensure("requests");
        foreach (var (name, amount) in PodRequests.OfContainers(spec))
        {
            if (name is "cpu" or "memory" && !requests.ContainsKey(name))
            {
                requests[name] = amount.ToString();
            }
        }

        foreach (var (name, amount) in limits.ToArray())
        {
            if (!requests.ContainsKey(name))
            {
                requests[name] = amount?.DeepClone();
            }
        }
    }
}
