using System.Text;
using System.Text.Json;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Images;

/// <summary>Finds the credentials for an image among a pod's pull secrets.</summary>
internal static class PullSecrets
{
    /// <summary>Credentials that match, the most specific first; empty means: ask anonymously.</summary>
    public static IReadOnlyList<RegistryCredentials> For(PodContext pod, string image)
    {
        var repository = ImageReference.RepositoryOf(image);
        var found = new List<(string Key, RegistryCredentials Credentials)>();
        foreach (var name in Names(pod))
        {
            if (pod.Node.View.Get(Keys.Secret(pod.Object.Key.Namespace, name))?.As<V1Secret>() is { } secret)
            {
                found.AddRange(Read(secret).Where(entry => Matches(entry.Key, repository)));
            }
        }

        return [.. found.OrderByDescending(f => f.Key.Length).Select(f => f.Credentials)];
    }

    internal static IEnumerable<(string Key, RegistryCredentials Credentials)> Read(V1Secret secret)
    {
        byte[]? bytes = null;
        var wrapped = secret.Type switch
        {
            "kubernetes.io/dockerconfigjson" => secret.Data?.TryGetValue(".dockerconfigjson", out bytes) == true,
            "kubernetes.io/dockercfg" => secret.Data?.TryGetValue(".dockercfg", out bytes) == true,
            _ => false,
        };
        if (!wrapped || bytes is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var entries = document.RootElement;
            if (secret.Type == "kubernetes.io/dockerconfigjson" && !entries.TryGetProperty("auths", out entries))
            {
                return [];
            }

            return [.. entries.EnumerateObject().Select(e => (Normalize(e.Name), Credentials(Normalize(e.Name), e.Value)))];
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            // A malformed secret is as good as none, as upstream has it: the pull then fails with the registry's words.
            return [];
        }
    }

    internal static bool Matches(string key, string repository)
    {
        if (key is "index.docker.io" or "registry-1.docker.io")
        {
            key = ImageReference.DefaultRegistry;
        }

        return repository == key || repository.StartsWith(key + "/", StringComparison.Ordinal) || MatchesWildcard(key, repository);
    }

    /// <summary><c>*.example.com</c> stands for one label of the host.</summary>
    private static bool MatchesWildcard(string key, string repository)
    {
        if (!key.StartsWith("*.", StringComparison.Ordinal))
        {
            return false;
        }

        var dot = repository.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && !repository[..dot].Contains('/') && Matches(key[2..], repository[(dot + 1)..]);
    }

    private static IEnumerable<string> Names(PodContext pod)
    {
        if (pod.Spec.ImagePullSecrets is { Count: > 0 } own)
        {
            return own.Select(s => s.Name);
        }

        var account = pod.Node.View.Get(Keys.ServiceAccount(pod.Object.Key.Namespace, pod.Spec.ServiceAccountName ?? "default"))?.As<V1ServiceAccount>();
        return account?.ImagePullSecrets?.Select(s => s.Name) ?? [];
    }

    private static string Normalize(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = (scheme < 0 ? key : key[(scheme + 3)..]).TrimEnd('/');
        foreach (var version in (string[])["/v1", "/v2"])
        {
            if (rest.EndsWith(version, StringComparison.Ordinal))
            {
                rest = rest[..^version.Length];
            }
        }

        return rest;
    }

    private static RegistryCredentials Credentials(string server, JsonElement entry)
    {
        var user = Text(entry, "username");
        var password = Text(entry, "password");
        if (Text(entry, "auth") is { Length: > 0 } auth)
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).Split(':', 2);
            (user, password) = (pair[0], pair.Length > 1 ? pair[1] : "");
        }

        return new RegistryCredentials(server, user, password, Text(entry, "identitytoken"));
    }

    private static string Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
