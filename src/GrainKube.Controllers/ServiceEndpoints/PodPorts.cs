using k8s.Models;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Turns a service's ports into the ports of one pod after another. Pods of a service mostly have the same: then the same list is handed out again.</summary>
/// <typeparam name="T">A port as the reader wants it.</typeparam>
internal sealed class PodPorts<T>(IList<V1ServicePort> ports, Func<V1ServicePort, int, T> make, Func<IReadOnlyList<T>, string> keyOf)
{
    private readonly int?[] last = new int?[ports.Count];
    private (IReadOnlyList<T> Ports, string Key)? made;

    /// <returns>The ports that the pod has, and a key that is the same for the same ports.</returns>
    public (IReadOnlyList<T> Ports, string Key) Of(PodEndpoint pod)
    {
        var same = made is not null;
        for (var i = 0; i < ports.Count; i++)
        {
            var number = TargetPorts.Find(pod, ports[i]);
            same &= number == last[i];
            last[i] = number;
        }

        if (!same)
        {
            T[] list = [.. ports.Zip(last).Where(p => p.Second is not null).Select(p => make(p.First, p.Second!.Value))];
            made = (list, keyOf(list));
        }

        return made!.Value;
    }
}
