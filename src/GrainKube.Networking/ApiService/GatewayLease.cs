using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Networking.ApiService;

/// <summary>
/// A running API server, as upstream shows it: a Lease in <c>kube-system</c>. It is written once at a start and says which silo it is: that one's membership, not the Lease's time, tells
/// whether it lives, so nothing has to be renewed.
/// </summary>
/// <param name="Key">The Lease.</param>
/// <param name="Silo">Address of its silo, as Orleans writes it.</param>
/// <param name="Gateway">Where it is reached.</param>
/// <param name="Since">When it was started.</param>
internal sealed record GatewayLease(ObjectKey Key, string Silo, GatewayAddress Gateway, DateTimeOffset Since)
{
    public const string Namespace = "kube-system";
    public const string IdentityLabel = "apiserver.kubernetes.io/identity";
    public const string Identity = "kube-apiserver";
    private const string SiloAnnotation = "grainkube.dev/silo";
    private const string GatewayAnnotation = "grainkube.dev/gateway";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int HashLength = 26;

    public static readonly GroupResource Leases = new("coordination.k8s.io", "leases");

    /// <summary>One name for each node, whatever its name looks like.</summary>
    public static ObjectKey KeyOf(string node)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(node));
        return new ObjectKey(Leases.Group, Leases.Resource, Namespace, "apiserver-" + string.Concat(hash.Take(HashLength).Select(b => Alphabet[b & 31])));
    }

    public static bool Is(KubeObject lease) =>
        lease.Key.Namespace == Namespace && lease.Header.Labels.TryGetValue(IdentityLabel, out var identity) && identity == Identity;

    /// <returns>Null where it is no Lease of ours.</returns>
    public static GatewayLease? Read(KubeObject lease)
    {
        var item = lease.ToNode();
        var annotations = item["metadata"]?["annotations"];
        return (string?)annotations?[SiloAnnotation] is { } silo && GatewayAddress.Parse((string?)annotations[GatewayAnnotation]) is { } gateway
            ? new GatewayLease(
                lease.Key, silo, gateway, DateTimeOffset.TryParse((string?)item["spec"]?["renewTime"], CultureInfo.InvariantCulture, out var since) ? since : DateTimeOffset.MinValue)
            : null;
    }

    /// <summary>The Lease of a gateway that has just begun to listen; also a merge patch of its earlier life's.</summary>
    public static JsonObject Write(string node, string silo, GatewayAddress gateway, DateTimeOffset now)
    {
        var time = GoTime.FormatMicro(now);
        var key = KeyOf(node);
        return new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { [IdentityLabel] = Identity, ["kubernetes.io/hostname"] = node },
                ["annotations"] = new JsonObject { [SiloAnnotation] = silo, [GatewayAnnotation] = gateway.ToString() },
            },
            ["spec"] = new JsonObject { ["holderIdentity"] = $"{key.Name}_{Guid.NewGuid()}", ["leaseDurationSeconds"] = 3600, ["renewTime"] = time },
        };
    }
}
