using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pods;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>The conditions that the kubelet writes; those of others stay as they are.</summary>
internal sealed class PodConditions(PodStatusInput input, string phase, JsonArray init, JsonArray containers)
{
    private static readonly string[] Owned = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled", ResizeTrouble.Pending, ResizeTrouble.InProgress];

    private const string DisruptionTarget = "DisruptionTarget";

    public JsonArray Build()
    {
        var result = new JsonArray { Network(), Initialized() };
        var containersReady = ContainersReady();
        result.Add(Ready(containersReady));
        result.Add(Stamp("ContainersReady", containersReady));
        result.Add(Stamp("PodScheduled", Verdict.True));
        if (input.Resize is { } resize)
        {
            result.Add(Stamp(resize.Condition, new Verdict(true, resize.Reason, resize.Message)));
        }

        if (input is { Resizing: true, Ended: false } and not { Resize.Condition: ResizeTrouble.InProgress })
        {
            result.Add(Stamp(ResizeTrouble.InProgress, Verdict.True));
        }

        if (input.End is { Disruption: true } end)
        {
            result.Add(Stamp(DisruptionTarget, new Verdict(true, "TerminationByKubelet", end.Message)));
        }

        foreach (var other in input.Current["conditions"] as JsonArray ?? [])
        {
            if (other is JsonObject condition && !Owned.Contains(condition["type"]?.GetValue<string>())
                && (input.End is not { Disruption: true } || condition["type"]?.GetValue<string>() != DisruptionTarget))
            {
                result.Add(condition.DeepClone());
            }
        }

        return result;
    }

    private JsonObject Network()
    {
        var sandbox = input.Situation.Runtime.Sandbox;
        var up = sandbox is not null && !input.Ended && (sandbox.Ip.Length > 0 || input.Situation.Spec.HostNetwork == true);
        return Stamp("PodReadyToStartContainers", up ? Verdict.True : Verdict.False);
    }

    private JsonObject Initialized()
    {
        if (phase == "Succeeded")
        {
            return Stamp("Initialized", new Verdict(true, "PodCompleted", ""));
        }

        var specs = input.Situation.Spec.InitContainers ?? [];
        var incomplete = new List<string>();
        for (var i = 0; i < init.Count; i++)
        {
            var status = init[i]!;
            var done = specs[i].IsSidecar()
                ? status["started"]!.GetValue<bool>()
                : status["state"]!["terminated"] is { } terminated && terminated["exitCode"]!.GetValue<int>() == 0;
            if (!done)
            {
                incomplete.Add(specs[i].Name);
            }
        }

        // Once main containers are known to the runtime, a sidecar that restarts does not undo the initialization.
        var through = incomplete.Count == 0 || (phase != "Pending" && specs.All(c => c.IsSidecar() || !incomplete.Contains(c.Name)));
        return Stamp("Initialized", through ? Verdict.True : new Verdict(false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]"));
    }

    private Verdict ContainersReady()
    {
        if (PodPhase.IsTerminal(phase))
        {
            return Terminal();
        }

        var unready = new List<string>();
        var specs = input.Situation.Spec.InitContainers ?? [];
        for (var i = 0; i < init.Count; i++)
        {
            if (specs[i].IsSidecar() && !init[i]!["ready"]!.GetValue<bool>())
            {
                unready.Add(specs[i].Name);
            }
        }

        unready.AddRange(containers.Where(c => !c!["ready"]!.GetValue<bool>()).Select(c => c!["name"]!.GetValue<string>()));
        return unready.Count == 0 ? Verdict.True : new Verdict(false, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
    }

    private JsonObject Ready(Verdict containersReady)
    {
        if (!containersReady.Value)
        {
            return Stamp("Ready", containersReady);
        }

        var messages = new List<string>();
        foreach (var gate in input.Situation.Spec.ReadinessGates ?? [])
        {
            var condition = Find(gate.ConditionType);
            if (condition is null)
            {
                messages.Add($"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
            }
            else if (condition["status"]?.GetValue<string>() is { } value && value != "True")
            {
                messages.Add($"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {value}");
            }
        }

        return Stamp("Ready", messages.Count == 0 ? Verdict.True : new Verdict(false, "ReadinessGatesNotReady", string.Join(", ", messages)));
    }

    private Verdict Terminal() => new(false, phase == "Succeeded" ? "PodCompleted" : "PodFailed", "");

    private JsonObject Stamp(string type, Verdict verdict)
    {
        var before = Find(type);
        var value = verdict.Value ? "True" : "False";
        var since = before is not null && before["status"]?.GetValue<string>() == value ? before["lastTransitionTime"]?.DeepClone() : null;
        var condition = new JsonObject
        {
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since ?? GoTime.Format(input.Situation.Now),
        };
        if (verdict.Message.Length > 0)
        {
            condition["message"] = verdict.Message;
        }

        condition["observedGeneration"] = input.Generation;
        if (verdict.Reason.Length > 0)
        {
            condition["reason"] = verdict.Reason;
        }

        condition["status"] = value;
        condition["type"] = type;
        return condition;
    }

    private JsonObject? Find(string type) =>
        (input.Current["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => c["type"]?.GetValue<string>() == type);

    private sealed record Verdict(bool Value, string Reason, string Message)
    {
        public static readonly Verdict True = new(true, "", "");
        public static readonly Verdict False = new(false, "", "");
    }
}
