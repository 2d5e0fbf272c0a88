using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>Finds the objects that a binding names as parameters.</summary>
internal sealed class PolicyParameters(IObjectReader objects, ResourceRegistry registry)
{
    /// <summary>The values of <c>params</c>, one evaluation each; a single null where there are none to have.</summary>
    /// <exception cref="PolicyConfigurationException">The binding cannot be followed.</exception>
    public async ValueTask<IReadOnlyList<CelValue>> FindAsync(JsonNode? paramKind, JsonNode? paramRef, AdmissionRequest request, CancellationToken cancel)
    {
        if (paramKind is null || paramRef is null)
        {
            return [CelValue.Null];
        }

        var (apiVersion, kind) = ((string?)paramKind["apiVersion"] ?? "", (string?)paramKind["kind"] ?? "");
        if (!registry.TryFindKind(apiVersion, kind, out var definition))
        {
            throw new PolicyConfigurationException($"failed to find resource referenced by paramKind: '{apiVersion}, Kind={kind}'");
        }

        var ns = (string?)paramRef["namespace"] ?? "";
        if (!definition.Names.Namespaced)
        {
            ns = ns.Length == 0 ? "" : throw new PolicyConfigurationException("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        }
        else if (ns.Length == 0)
        {
            ns = request.Key.Namespace.Length > 0
                ? request.Key.Namespace
                : throw new PolicyConfigurationException("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }

        List<KubeObject> found = [];
        if ((string?)paramRef["name"] is { Length: > 0 } name)
        {
            if (await objects.FindAsync(new ObjectKey(definition.Names.Group, definition.Names.Plural, ns, name), cancel) is { } one)
            {
                found.Add(one);
            }
        }
        else
        {
            var selector = LabelSelector.From(paramRef["selector"] as JsonObject ?? []);
            found.AddRange(objects.All(definition.GroupResource, ns).Where(o => selector.Matches(o.Header.Labels)));
        }

        if (found.Count == 0 && (string?)paramRef["parameterNotFoundAction"] != "Allow")
        {
            throw new PolicyConfigurationException("no params found for policy binding with `Deny` parameterNotFoundAction");
        }

        return [.. found.Select(o => CelJson.Read(o.ToNode()))];
    }
}

/// <summary>A policy or binding cannot be evaluated as it is written; its failure policy decides.</summary>
internal sealed class PolicyConfigurationException(string message) : Exception(message);
