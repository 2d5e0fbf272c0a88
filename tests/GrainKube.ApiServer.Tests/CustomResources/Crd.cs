using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiServer.Tests.CustomResources;

/// <summary>CustomResourceDefinitions for tests, each in a group of its own.</summary>
internal static class Crd
{
    private static int count;

    public static string Group() => $"g{Interlocked.Increment(ref count)}.example.com";

    /// <summary>A namespaced kind <c>Foo</c> with the versions given as YAML elements of <c>spec.versions</c>.</summary>
    public static JsonObject Foo(string group, string versions) => Parse($$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: foos.{{group}} }
        spec:
          group: {{group}}
          scope: Namespaced
          names: { plural: foos, singular: foo, kind: Foo, listKind: FooList, shortNames: [fo], categories: [all] }
          versions:
        """ + "\n" + string.Join('\n', versions.Split('\n').Select(l => "  " + l)));

    /// <summary>The only version <c>v1</c> with that schema (YAML of <c>openAPIV3Schema</c> in one line).</summary>
    public static JsonObject Foo(string group, string schema, string more) =>
        Foo(group, $"- {{ name: v1, served: true, storage: true, schema: {{ openAPIV3Schema: {schema} }}{(more.Length > 0 ? ", " + more : "")} }}");

    public static JsonObject Parse(string yaml) => (JsonObject)JsonNode.Parse(YamlJson.Convert(System.Text.Encoding.UTF8.GetBytes(yaml)))!;
}
