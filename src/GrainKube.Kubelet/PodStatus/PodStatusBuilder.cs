using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Plans;
using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>Builds <c>status</c> of a pod as upstream's kubelet writes it. Pure.</summary>
internal static class PodStatusBuilder
{
    public static JsonObject Build(PodStatusInput input)
    {
        var spec = input.Situation.Spec;
        var builder = new ContainerStatusBuilder(input);
        var init = new JsonArray([.. (spec.InitContainers ?? []).Select(c => builder.Build(c, "initContainerStatuses", isInit: true))]);
        var containers = new JsonArray([.. spec.Containers.Select(c => builder.Build(c, "containerStatuses", isInit: false))]);

        // A final phase is final: nothing that the runtime says later takes it back.
        var before = input.Current["phase"]?.GetValue<string>();
        var phase = PodPhase.IsTerminal(before) ? before!
            : input.End is not null && (input.Ended || input.End.Rejected) ? "Failed"
            : PodPhase.Of(spec, init, containers, input.Ended);

        var status = new JsonObject { ["conditions"] = new PodConditions(input, phase, init, containers).Build() };
        if (input.End is not { Rejected: true })
        {
            status["containerStatuses"] = containers;
        }

        var ephemeral = new JsonArray([.. EphemeralContainers.Of(spec).Select(c => Ephemeral(builder, c))]);
        if (ephemeral.Count > 0 && input.End is not { Rejected: true })
        {
            status["ephemeralContainerStatuses"] = ephemeral;
        }

        AddAddresses(status, input);
        AddResources(status, input);
        if (init.Count > 0 && input.End is not { Rejected: true })
        {
            status["initContainerStatuses"] = init;
        }

        if (input.End is { } end)
        {
            status["message"] = end.Message;
            status["reason"] = end.Reason;
        }

        status["observedGeneration"] = input.Generation;
        status["phase"] = phase;
        status["qosClass"] = input.Current["qosClass"]?.DeepClone() ?? QosClass.Of(spec);
        status["startTime"] = GoTime.Format(input.StartTime);
        return status;
    }

    /// <summary>Nobody waits for a debugging container, so it is neither ready nor started.</summary>
    private static JsonObject Ephemeral(ContainerStatusBuilder builder, V1Container container)
    {
        var status = builder.Build(container, "ephemeralContainerStatuses", isInit: false);
        status["ready"] = false;
        status.Remove("started");
        return status;
    }

    /// <summary>What the pod has as a whole, and what the node counts for it; for a resize that is not through, what it had before.</summary>
    private static void AddResources(JsonObject status, PodStatusInput input)
    {
        var spec = input.Situation.Spec;
        if (spec.Resources is not { } whole || (whole.Requests?.Count ?? 0) + (whole.Limits?.Count ?? 0) == 0 || input.End is { Rejected: true })
        {
            return;
        }

        if (input.Resize is not null)
        {
            foreach (var name in (ReadOnlySpan<string>)["allocatedResources", "resources"])
            {
                if (input.Current[name] is { } inForce)
                {
                    status[name] = inForce.DeepClone();
                }
            }

            return;
        }

        var resources = new JsonObject();
        if (WithOverhead(whole.Limits, spec) is { Count: > 0 } limits)
        {
            resources["limits"] = limits;
        }

        if (WithOverhead(whole.Requests, spec) is { Count: > 0 } requests)
        {
            resources["requests"] = requests;
            status["allocatedResources"] = requests.DeepClone();
        }

        status["resources"] = resources;
    }

    /// <summary>The pod's control group has room for what its runtime needs beside the containers.</summary>
    private static JsonObject WithOverhead(IDictionary<string, ResourceQuantity>? amounts, V1PodSpec spec)
    {
        var result = new JsonObject();
        foreach (var (name, amount) in amounts ?? new Dictionary<string, ResourceQuantity>())
        {
            result[name] = spec.Overhead is { } overhead && overhead.TryGetValue(name, out var more) ? (amount.ToQuantity() + more.ToQuantity()).ToString() : amount.ToString();
        }

        return result;
    }

    private static void AddAddresses(JsonObject status, PodStatusInput input)
    {
        if (input.HostIp.Length > 0)
        {
            status["hostIP"] = input.HostIp;
            status["hostIPs"] = new JsonArray { new JsonObject { ["ip"] = input.HostIp } };
        }

        var hostNetwork = input.Situation.Spec.HostNetwork == true;
        var sandbox = input.Situation.Runtime.Sandbox;
        var ip = sandbox is null ? "" : hostNetwork ? input.HostIp : sandbox.Ip;
        if (ip.Length > 0)
        {
            status["podIP"] = ip;
            status["podIPs"] = new JsonArray { new JsonObject { ["ip"] = ip } };
        }
        else if (input.Current["podIP"] is { } known)
        {
            status["podIP"] = known.DeepClone();
            status["podIPs"] = input.Current["podIPs"]?.DeepClone();
        }
    }
}
