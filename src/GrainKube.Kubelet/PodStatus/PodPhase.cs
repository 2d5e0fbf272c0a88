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
        var (pendingInit, failedInit, lostInit, sidecars) = CountInit(spec, init);
        if (lostInit > 0 || (failedInit > 0 && ended))
        {
            return "Failed";
        }

        int running = 0, waiting = 0, stopped = 0, succeeded = 0, returning = 0;
        for (var i = 0; i < containers.Count; i++)
        {
            var status = containers[i]!;
            var state = status["state"]!;
            if (state["running"] is not null)
            {
                running++;
            }
            else if (ExitCode(state) is { } code)
            {
                stopped++;
                succeeded += code == 0 ? 1 : 0;
                returning += RestartRules.ShouldRestart(spec, spec.Containers[i], code) ? 1 : 0;
            }
            else if (ExitCode(status["lastState"]) is { } last)
            {
                stopped++;
                returning += RestartRules.ShouldRestart(spec, spec.Containers[i], last) ? 1 : 0;
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

        if (running > 0 || sidecars > 0)
        {
            return "Running"; // a sidecar is given its time to end before the pod is through
        }

        if (stopped == 0)
        {
            return "Pending";
        }

        return returning > 0 ? "Running" : stopped == succeeded ? "Succeeded" : "Failed";
    }

    private static int? ExitCode(JsonNode? state) => state?["terminated"]?["exitCode"]?.GetValue<int>();

    /// <summary>Those that are not through, those that ended badly, of these the ones that do not run again, and the sidecars that run.</summary>
    private static (int Pending, int Failed, int Lost, int Sidecars) CountInit(V1PodSpec spec, JsonArray init)
    {
        int pending = 0, failed = 0, lost = 0, sidecars = 0;
        var specs = spec.InitContainers ?? [];
        for (var i = 0; i < init.Count; i++)
        {
            var status = init[i]!;
            var state = status["state"]!;
            if (specs[i].IsSidecar())
            {
                sidecars += state["running"] is null ? 0 : 1;
                pending += status["started"]!.GetValue<bool>() || state["terminated"] is not null || status["lastState"]?["terminated"] is not null ? 0 : 1;
            }
            else if (ExitCode(state) is { } code)
            {
                failed += code == 0 ? 0 : 1;
                pending += code == 0 ? 0 : 1;
                lost += code == 0 || RestartRules.ShouldRestart(spec, specs[i], code) ? 0 : 1;
            }
            else
            {
                pending++;
            }
        }

        return (pending, failed, lost, sidecars);
    }
}
