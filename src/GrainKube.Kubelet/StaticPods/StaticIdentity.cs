using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;

namespace GrainKube.Kubelet.StaticPods;

/// <summary>
/// The name under which a node keeps what belongs to a pod: its uid, but for a static pod a digest of its name and manifest, because its API object is a mirror that may be made anew while the
/// containers run on.
/// </summary>
internal static class StaticIdentity
{
    public static string Of(KubeObject pod) => pod.Derive(Mark.Of).Identity;

    /// <summary>The same for a pod that a request names by the uid of its API object.</summary>
    public static string Of(INodeView view, string ns, string name, string uid) =>
        view.Get(Keys.Pod(ns, name)) is { } pod && pod.Header.Uid == uid ? Of(pod) : uid;

    /// <param name="manifest">What <see cref="StaticPodFile"/> made of a file.</param>
    public static string Of(JsonObject manifest) => Make((string)manifest["metadata"]!["namespace"]!, (string)manifest["metadata"]!["name"]!, HashOf(manifest)!);

    /// <returns>Null where the pod is no mirror of a file.</returns>
    public static string? HashOf(KubeObject pod) => pod.Derive(Mark.Of).Hash;

    public static string? HashOf(JsonObject pod) => pod["metadata"]?["annotations"] is JsonObject annotations && (string?)annotations[StaticPodFile.Source] == "file"
        ? (string?)annotations[StaticPodFile.Mirror]
        : null;

    private static string Make(string ns, string name, string hash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ns}/{name}/{hash}")).AsSpan(0, 16));

    /// <summary>Read once for each version of a pod; only those that belong to a node are looked into.</summary>
    private sealed record Mark(string Identity, string? Hash)
    {
        public static Mark Of(KubeObject pod) => pod.Header.Owners.Any(owner => owner.Kind == "Node") && HashOf(pod.ToNode()) is { } hash
            ? new Mark(Make(pod.Key.Namespace, pod.Key.Name, hash), hash)
            : new Mark(pod.Header.Uid, null);
    }
}
