using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>Builds the status of one container.</summary>
internal sealed class ContainerStatusBuilder(PodStatusInput input)
{
    public const string ImageReferenceLabel = "grainkube.io/image-reference";
    private const string Lost = "The container could not be located when the pod was terminated";

    /// <param name="container">The container as the pod has it.</param>
    /// <param name="list"><c>containerStatuses</c> or <c>initContainerStatuses</c>: where the API keeps what it knows.</param>
    /// <param name="isInit">It is one of the init containers.</param>
    public JsonObject Build(V1Container container, string list, bool isInit)
    {
        var runtime = input.Situation.Runtime;
        var known = Known(list, container.Name);
        var latest = runtime.Latest(container.Name);
        var status = latest is null ? Absent(container, known) : Present(container, latest, known);
        status["name"] = container.Name;
        if (isInit && !container.IsSidecar() && latest is not null && latest.HasEnded())
        {
            status["ready"] = latest.StatusExitCode() == 0;
        }

        AddMounts(status, container);
        return status;
    }

    private JsonObject Present(V1Container container, ContainerState latest, JsonObject? known)
    {
        var health = input.Situation.HealthOf(latest);
        var running = latest.Phase == ContainerPhase.Running;
        var id = $"{input.RuntimeName}://{latest.Id}";
        var status = new JsonObject
        {
            ["containerID"] = id,
            ["image"] = latest.Image,
            ["imageID"] = latest.Labels.GetValueOrDefault(ImageReferenceLabel, latest.ImageId),
            ["lastState"] = LastState(latest, known, id),
            ["ready"] = running && health.Started && health.Ready,
            ["restartCount"] = latest.Attempt,
            ["started"] = running && health.Started,
            ["state"] = new JsonObject(),
        };
        if (running)
        {
            status["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = GoTime.Format(latest.StartedAt ?? latest.CreatedAt) } };
            if (input.Resize is { Condition: ResizeTrouble.Pending } && input.Granted is not null)
            {
                AddResources(status, GrantedResources.For(input.Granted, container));
            }
            else if ((input.Resize is not null || input.Situation.Replaced.Contains(latest.Id)) && known?["resources"] is { } inForce)
            {
                // What was asked for is not in force; what waits for no more than the container's end is granted, though.
                status["resources"] = inForce.DeepClone();
                if ((input.Resize is null ? Amounts(container.Resources?.Requests) : known["allocatedResources"]) is { } allocated)
                {
                    status["allocatedResources"] = allocated.DeepClone();
                }
            }
            else
            {
                AddResources(status, container);
            }

            return status;
        }

        var waiting = Waiting(container.Name);
        if (latest.HasEnded())
        {
            if (waiting is null || input.Ended || !RestartRules.ShouldRestart(input.Situation.Spec, container, latest.StatusExitCode()))
            {
                status["state"] = Terminated(latest);
            }
            else
            {
                status["lastState"] = Terminated(latest);
                status["state"] = waiting;
            }
        }
        else
        {
            status["state"] = waiting ?? NotYet();
        }

        return status;
    }

    private JsonObject Absent(V1Container container, JsonObject? known)
    {
        var restarts = known?["restartCount"]?.GetValue<int>() ?? 0;
        var status = new JsonObject
        {
            ["image"] = container.Image ?? "",
            ["imageID"] = "",
            ["lastState"] = known?["lastState"]?.DeepClone() ?? new JsonObject(),
            ["ready"] = false,
            ["restartCount"] = restarts,
            ["started"] = false,
            ["state"] = Waiting(container.Name) ?? NotYet(),
        };
        if (known?["state"] is not JsonObject before || known["containerID"] is not { } id || id.GetValue<string>().Length == 0)
        {
            return status;
        }

        // The runtime has lost the container; what the API says of it is the only memory left.
        var ended = before["terminated"] is JsonObject terminated ? terminated.DeepClone().AsObject() : new JsonObject
        {
            ["exitCode"] = 137,
            ["finishedAt"] = null,
            ["message"] = Lost,
            ["reason"] = "ContainerStatusUnknown",
            ["startedAt"] = null,
        };
        if (before["terminated"] is JsonObject || input.Ended)
        {
            status["state"] = new JsonObject { ["terminated"] = ended };
            status["containerID"] = id.DeepClone();
            status["imageID"] = known["imageID"]?.DeepClone() ?? "";
            if (known["ready"]?.GetValue<bool>() == true && ended["reason"]?.GetValue<string>() == "Completed")
            {
                status["ready"] = true;
            }
        }
        else if (before["running"] is JsonObject)
        {
            status["lastState"] = new JsonObject { ["terminated"] = ended };
        }

        return status;
    }

    private JsonObject? Waiting(string name)
    {
        if (input.Plan.Waiting.TryGetValue(name, out var wait))
        {
            var pod = input.Situation.Pod.Metadata;
            return Waiting(
                "CrashLoopBackOff",
                $"back-off {FormatDelay(wait.Delay)} restarting failed container={name} pod={pod.Name}_{pod.NamespaceProperty}({pod.Uid})");
        }

        return input.Situation.Failures.TryGetValue(name, out var failure) ? Waiting(failure.Reason, failure.Message) : null;
    }

    /// <summary>Go's way to write a duration of whole seconds.</summary>
    internal static string FormatDelay(TimeSpan delay) =>
        delay.TotalSeconds < 60 ? $"{(int)delay.TotalSeconds}s" : $"{(int)delay.TotalMinutes}m{delay.Seconds}s";

    private JsonObject NotYet() => Waiting(input.Situation.Spec.InitContainers is { Count: > 0 } ? "PodInitializing" : "ContainerCreating", "");

    private static JsonObject Waiting(string reason, string message)
    {
        var waiting = new JsonObject();
        if (message.Length > 0)
        {
            waiting["message"] = message;
        }

        waiting["reason"] = reason;
        return new JsonObject { ["waiting"] = waiting };
    }

    private JsonObject Terminated(ContainerState container)
    {
        var code = container.StatusExitCode();
        var terminated = new JsonObject
        {
            ["containerID"] = $"{input.RuntimeName}://{container.Id}",
            ["exitCode"] = code,
            ["finishedAt"] = GoTime.Format(container.EndedAt()),
        };
        var message = input.TerminationMessages.GetValueOrDefault(container.Id, container.Error);
        if (message.Length > 0)
        {
            terminated["message"] = message;
        }

        terminated["reason"] = container.OomKilled ? "OOMKilled" : container.FailedToStart() ? "StartError" : code == 0 ? "Completed" : "Error";
        terminated["startedAt"] = container.FailedToStart() ? "1970-01-01T00:00:00Z" : GoTime.Format(container.StartedAt ?? container.CreatedAt);
        return new JsonObject { ["terminated"] = terminated };
    }

    private JsonObject LastState(ContainerState latest, JsonObject? known, string id)
    {
        if (input.Situation.Runtime.Previous(latest.Name) is { } previous && previous.HasEnded())
        {
            return Terminated(previous);
        }

        if (known is null)
        {
            return [];
        }

        // The instance before was removed: the API remembers it, as the last state or (before this instance was reported) as the state.
        if (known["containerID"]?.GetValue<string>() != id && known["state"]?["terminated"] is JsonObject terminated)
        {
            return new JsonObject { ["terminated"] = terminated.DeepClone() };
        }

        return known["lastState"]?.DeepClone().AsObject() ?? [];
    }

    private JsonObject? Known(string list, string name)
    {
        foreach (var entry in input.Current[list] as JsonArray ?? [])
        {
            if (entry is JsonObject status && status["name"]?.GetValue<string>() == name)
            {
                return status;
            }
        }

        return null;
    }

    private static void AddResources(JsonObject status, V1Container container)
    {
        var requests = Amounts(container.Resources?.Requests);
        var limits = Amounts(container.Resources?.Limits);
        if (requests.Count > 0)
        {
            status["allocatedResources"] = requests.DeepClone();
        }

        var resources = new JsonObject();
        if (limits.Count > 0)
        {
            resources["limits"] = limits;
        }

        if (requests.Count > 0)
        {
            resources["requests"] = requests;
        }

        status["resources"] = resources;
    }

    private static JsonObject Amounts(IDictionary<string, ResourceQuantity>? amounts)
    {
        var result = new JsonObject();
        foreach (var (name, quantity) in amounts ?? new Dictionary<string, ResourceQuantity>())
        {
            result[name] = quantity.ToString();
        }

        return result;
    }

    private static void AddMounts(JsonObject status, V1Container container)
    {
        if (container.VolumeMounts is not { Count: > 0 } mounts)
        {
            return;
        }

        var list = new JsonArray();
        foreach (var mount in mounts)
        {
            var entry = new JsonObject { ["mountPath"] = mount.MountPath, ["name"] = mount.Name };
            if (mount.ReadOnlyProperty == true)
            {
                entry["readOnly"] = true;
                entry["recursiveReadOnly"] = "Disabled";
            }

            list.Add(entry);
        }

        status["volumeMounts"] = list;
    }
}
