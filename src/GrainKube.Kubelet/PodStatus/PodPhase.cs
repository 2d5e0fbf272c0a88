using System.Text.Json.Nodes;
using GrainKube.Kubelet.Plans;
using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>The phase of a pod from the states of its containers.</summary>
internal static class PodPhase
{
    public static bool IsTerminal(string? phase) => phase is "Succeeded" or "Failed";

    /// <param name="spec">The pod.</param>
    /// <param name="init">Statuses of the init containers.</param>
    /// <param name="containers">Statuses of the main containers.</param>
    /// <param name="ended">Nothing runs and nothing will run: the phase is then final.</param>
    public static string Of(V1PodSpec spec, JsonArray init, JsonArray containers, bool ended)
    {
        var (pendingInit, failedInit) = CountInit(spec, init);
        if (failedInit > 0 && (spec.RestartPolicy == "Never" || ended))
        {
            return "Failed";
        }

        int running = 0, waiting = 0, stopped = 0, succeeded = 0;
        foreach (var status in containers)
        {
            var state = status!["state"]!;
            if (state["running"] is not null)
            {
                running++;
            }
            else if (state["terminated"] is { } terminated)
            {
                stopped++;
                succeeded += terminated["exitCode"]!.GetValue<int>() == 0 ? 1 : 0;
            }
            else if (status["lastState"]?["terminated"] is not null)
            {
                stopped++;
            }
            else
            {
                waiting++;
            }
        }

        if (ended)
        {
            return stopped == succeeded && waiting == 0 && stopped > 0 ? "Succeeded" : "Failed";
        }

        if (pendingInit > 0 || waiting > 0)
        {
            return "Pending";
        }

        if (running > 0)
        {
            return "Running";
        }

        if (stopped == 0)
        {
            return "Pending";
        }

        return (spec.RestartPolicy ?? "Always") switch
        {
            "Always" => "Running",
            _ when stopped == succeeded => "Succeeded",
            "Never" => "Failed",
            _ => "Running",
        };
    }

    private static (int Pending, int Failed) CountInit(V1PodSpec spec, JsonArray init)
    {
        int pending = 0, failed = 0;
        var specs = spec.InitContainers ?? [];
        for (var i = 0; i < init.Count; i++)
        {
            var status = init[i]!;
            var state = status["state"]!;
            if (specs[i].IsSidecar())
            {
                pending += status["started"]!.GetValue<bool>() || state["terminated"] is not null || status["lastState"]?["terminated"] is not null ? 0 : 1;
            }
            else if (state["terminated"] is { } terminated)
            {
                failed += terminated["exitCode"]!.GetValue<int>() == 0 ? 0 : 1;
                pending += terminated["exitCode"]!.GetValue<int>() == 0 ? 0 : 1;
            }
            else
            {
                pending++;
            }
        }

        return (pending, failed);
    }
}
