using GrainKube.Resources.Core.Pods;

namespace GrainKube.Kubelet.Agent;

/// <summary>Which ports of the node its pods were given.</summary>
internal sealed class HostPortLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, IReadOnlyList<HostPort>> given = new(StringComparer.Ordinal);

    /// <summary>Gives a pod its ports unless another pod has one of them. Safe to repeat.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="ports">What it asks for.</param>
    /// <param name="force">The pod already runs here: it has them whoever else does.</param>
    public bool TryGive(string podUid, IReadOnlyList<HostPort> ports, bool force)
    {
        lock (gate)
        {
            if (!force && given.Any(pod => pod.Key != podUid && pod.Value.Any(port => ports.Any(port.ClashesWith))))
            {
                return false;
            }

            if (ports.Count > 0)
            {
                given[podUid] = ports;
            }

            return true;
        }
    }

    public void Release(string podUid)
    {
        lock (gate)
        {
            given.Remove(podUid);
        }
    }
}
