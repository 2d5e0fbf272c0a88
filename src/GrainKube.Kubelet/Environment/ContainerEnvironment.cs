using System.Text;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Environment;

/// <summary>Resolves a container's environment.</summary>
internal sealed class ContainerEnvironment
{
    private readonly PodContext pod;
    private readonly V1Container container;
    private readonly Dictionary<string, string> resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> services;

    private ContainerEnvironment(PodContext pod, V1Container container)
    {
        (this.pod, this.container) = (pod, container);
        var view = pod.Node.View;
        var links = pod.Spec.EnableServiceLinks ?? true;
        services = ServiceVariables.Of(
            links ? view.Services(Namespace) : [],
            view.Get(new ObjectKey("", "services", "default", "kubernetes")),
            links).DistinctBy(v => v.Key).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
    }

    private string Namespace => pod.Object.Key.Namespace;

    /// <exception cref="ConfigException">Something it refers to is not there and not optional.</exception>
    public static IReadOnlyDictionary<string, string> Resolve(PodContext pod, V1Container container) => new ContainerEnvironment(pod, container).Resolve();

    private Dictionary<string, string> Resolve()
    {
        foreach (var source in container.EnvFrom ?? [])
        {
            AddAll(source);
        }

        // $(NAME) sees what was defined before it, and services.
        var known = new Dictionary<string, string>(services, StringComparer.Ordinal);
        foreach (var (name, value) in resolved)
        {
            known[name] = value;
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = string.IsNullOrEmpty(variable.Value) && variable.ValueFrom is { } from ? From(from) : Expansion.Expand(variable.Value ?? "", known);
            if (value is null)
            {
                continue;
            }

            resolved[variable.Name] = value;
            known[variable.Name] = value;
        }

        foreach (var (name, value) in services)
        {
            resolved.TryAdd(name, value);
        }

        return resolved;
    }

    private void AddAll(V1EnvFromSource source)
    {
        if (source.ConfigMapRef is { } map)
        {
            if (ConfigMap(map.Name, map.Optional) is { } found)
            {
                Add(source.Prefix, (found.Data ?? new Dictionary<string, string>()).Select(p => p));
            }
        }
        else if (source.SecretRef is { } secret && Secret(secret.Name, secret.Optional) is { } values)
        {
            Add(source.Prefix, (values.Data ?? new Dictionary<string, byte[]>()).Select(p => KeyValuePair.Create(p.Key, Encoding.UTF8.GetString(p.Value))));
        }
    }

    private void Add(string? prefix, IEnumerable<KeyValuePair<string, string>> values)
    {
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            resolved[prefix + name] = value;
        }
    }

    private string? From(V1EnvVarSource from)
    {
        if (from.FieldRef is { } field)
        {
            return FieldReader.Read(pod, field.FieldPath);
        }

        if (from.ResourceFieldRef is { } resource)
        {
            return ResourceReader.Read(pod, resource, container);
        }

        if (from.ConfigMapKeyRef is { } map)
        {
            var data = ConfigMap(map.Name, map.Optional)?.Data;
            return data is not null && data.TryGetValue(map.Key, out var text) ? text : Missing(map.Key, "ConfigMap", map.Name, map.Optional);
        }

        if (from.SecretKeyRef is { } secret)
        {
            var data = Secret(secret.Name, secret.Optional)?.Data;
            return data is not null && data.TryGetValue(secret.Key, out var bytes)
                ? Encoding.UTF8.GetString(bytes)
                : Missing(secret.Key, "Secret", secret.Name, secret.Optional);
        }

        if (from.FileKeyRef is { } file)
        {
            return File(file);
        }

        throw new ConfigException("invalid valueFrom: no source that this kubelet knows");
    }

    private string? File(V1FileKeySelector from)
    {
        if (pod.Node.Volumes.ReadFile(pod, from.VolumeName, from.Path) is not { } text)
        {
            return from.Optional == true ? null : throw new ConfigException($"environment variable file \"{from.Path}\" not found in volume \"{from.VolumeName}\"");
        }

        return EnvironmentFile.Parse(text, from.Path).TryGetValue(from.Key, out var value) || from.Optional == true
            ? value : throw new ConfigException($"environment variable key \"{from.Key}\" not found in file \"{from.Path}\"");
    }

    private string? Missing(string key, string kind, string name, bool? optional) =>
        optional == true ? null : throw new ConfigException($"couldn't find key {key} in {kind} {Namespace}/{name}");

    private V1ConfigMap? ConfigMap(string name, bool? optional) =>
        pod.Node.View.Get(Keys.ConfigMap(Namespace, name))?.As<V1ConfigMap>()
        ?? (optional == true ? null : throw new ConfigException($"configmap \"{name}\" not found"));

    private V1Secret? Secret(string name, bool? optional) =>
        pod.Node.View.Get(Keys.Secret(Namespace, name))?.As<V1Secret>()
        ?? (optional == true ? null : throw new ConfigException($"secret \"{name}\" not found"));
}
