using System.Runtime.InteropServices;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Nodes;

/// <summary>How many placed pods use each claim. Changed only by the <see cref="NodeTable"/>.</summary>
internal sealed class ClaimUse
{
    private readonly Dictionary<(string Namespace, string Name), int> users = [];

    public bool IsUsed(string ns, string claim) => users.GetValueOrDefault((ns, claim)) > 0;

    public void Count(PodRequest pod, int sign)
    {
        foreach (var (name, _) in pod.Claims)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(users, (pod.Key.Namespace, name), out _);
            count += sign;
            if (count == 0)
            {
                users.Remove((pod.Key.Namespace, name));
            }
        }
    }
}
