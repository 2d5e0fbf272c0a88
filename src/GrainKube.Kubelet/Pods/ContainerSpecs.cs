using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Simulation;
using GrainKube.Kubelet.PodStatus;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>Resolves a container of a pod to what the runtime is asked for.</summary>
internal static class ContainerSpecs
{
    public static ContainerSpec Of(
        PodContext pod, ContainerStart start, ImageInfo image, IReadOnlyDictionary<string, string> environment, IReadOnlyList<ContainerMount> mounts)
    {
        var container = start.Container;
        return new ContainerSpec
        {
            SandboxId = pod.Runtime.Sandbox!.Id,
            PodUid = pod.Uid,
            Namespace = pod.Object.Key.Namespace,
            PodName = pod.Object.Key.Name,
            Name = container.Name,
            Attempt = start.Attempt,
            ImageId = image.Id,
            Image = container.Image,
            Command = [.. (container.Command ?? []).Select(c => Expansion.Expand(c, environment))],
            Args = [.. (container.Args ?? []).Select(a => Expansion.Expand(a, environment))],
            WorkingDirectory = container.WorkingDir ?? "",
            Environment = [.. environment],
            Mounts = mounts,
            Resources = ContainerLimits.Of(pod.Spec, GrantedResources.For(pod.Memory.Granted, container), pod.Node.Ledger.Allocatable.GetValueOrDefault("memory")),
            Security = Security(pod, container, image),
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            Tty = container.Tty == true,
            ProcessesOf = ProcessesOf(pod, container),
            StopSignal = container.Lifecycle?.StopSignal ?? "",
            Labels = Labels(pod, start, image),
        };
    }

    /// <exception cref="ContainerStartException">The image would run as root although the pod forbids it.</exception>
    private static ContainerSecurity Security(PodContext pod, V1Container container, ImageInfo image)
    {
        var all = pod.Spec.SecurityContext;
        var own = container.SecurityContext;
        var user = own?.RunAsUser ?? all?.RunAsUser;
        if ((own?.RunAsNonRoot ?? all?.RunAsNonRoot) == true)
        {
            RefuseRoot($"(pod: \"{pod.Object.Key.Name}_{pod.Object.Key.Namespace}({pod.Uid})\", container: {container.Name})", image, user);
        }

        var groups = new List<long>(all?.SupplementalGroups?.OfType<long>() ?? []);
        if (all?.FsGroup is { } fsGroup)
        {
            groups.Add(fsGroup);
        }

        var seccomp = own?.SeccompProfile ?? all?.SeccompProfile;
        return new ContainerSecurity
        {
            RunAsUser = user,
            RunAsGroup = own?.RunAsGroup ?? all?.RunAsGroup,
            SupplementalGroups = groups,
            Privileged = own?.Privileged == true,
            ReadOnlyRootFilesystem = own?.ReadOnlyRootFilesystem == true,
            NoNewPrivileges = own?.AllowPrivilegeEscalation == false,
            AddCapabilities = [.. own?.Capabilities?.Add ?? []],
            DropCapabilities = [.. own?.Capabilities?.Drop ?? []],
            SeccompProfile = seccomp?.Type == "RuntimeDefault" ? "runtime/default" : "unconfined", // upstream's default is none
        };
    }

    private static void RefuseRoot(string who, ImageInfo image, long? user)
    {
        const string reason = "CreateContainerConfigError";
        if (user == 0)
        {
            throw new ContainerStartException(reason, $"container's runAsUser breaks non-root policy {who}");
        }

        var name = image.User.Split(':')[0];
        if (user is not null)
        {
            return;
        }

        if (name.Length == 0 || name == "0" || name == "root")
        {
            throw new ContainerStartException(reason, $"container has runAsNonRoot and image will run as root {who}");
        }

        if (!name.All(char.IsAsciiDigit))
        {
            throw new ContainerStartException(
                reason, $"container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {who}");
        }
    }

    /// <summary>A debugging container may look at the processes of the one it is for.</summary>
    private static string ProcessesOf(PodContext pod, V1Container container) =>
        (pod.Spec.EphemeralContainers ?? []).FirstOrDefault(c => c.Name == container.Name)?.TargetContainerName is { Length: > 0 } target
            && pod.Runtime.Current(target) is { Phase: ContainerPhase.Running } running
            ? running.Id : "";

    private static Dictionary<string, string> Labels(PodContext pod, ContainerStart start, ImageInfo image)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RestartBackOff.Label] = start.BackOffLevel.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [ContainerStatusBuilder.ImageReferenceLabel] = image.Digests.Count > 0 ? image.Digests[0] : $"{pod.Node.RuntimeName}://{image.Id}",
        };
        foreach (var (name, value) in pod.Pod.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            if (name.StartsWith(SimulatedBehaviour.Prefix, StringComparison.Ordinal))
            {
                labels[name] = value;
            }
        }

        return labels;
    }
}
