using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;

namespace GrainKube.ApiServer.Tests.Admission;

/// <summary>Objects in a dictionary.</summary>
internal sealed class FakeObjects : IObjectReader
{
    private readonly Dictionary<ObjectKey, KubeObject> items = [];

    public FakeObjects Add(string group, string resource, string ns, string name, string json = "{}", string uid = "", DateTimeOffset? deleted = null, Dictionary<string, string>? labels = null)
    {
        var key = new ObjectKey(group, resource, ns, name);
        var header = new ObjectHeader { ApiVersion = "v1", Kind = "", Name = name, Namespace = ns, Uid = uid, Revision = 1, DeletionTimestamp = deleted, Labels = labels ?? [] };
        items[key] = new KubeObject(key, header, Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.ToJsonString()));
        return this;
    }

    public FakeObjects AddNamespace(string name, string json = "{}") => Add("", "namespaces", "", name, json);

    public FakeObjects AddAccount(string ns, string name, string json = "{}", string uid = "sa-uid") => Add("", "serviceaccounts", ns, name, json, uid);

    public FakeObjects AddPriorityClass(string name, string json) => Add("scheduling.k8s.io", "priorityclasses", "", name, json);

    public void Remove(string group, string resource, string ns, string name) => items.Remove(new ObjectKey(group, resource, ns, name));

    public KubeObject? Get(ObjectKey key) => items.GetValueOrDefault(key);

    public ValueTask<KubeObject?> FindAsync(ObjectKey key, CancellationToken cancel) => ValueTask.FromResult(Get(key));

    public IEnumerable<KubeObject> With(GroupResource resource, string field, string value) =>
        All(resource).Where(item => (string?)field.Split('.').Aggregate((JsonNode?)item.ToNode(), (node, part) => node?[part]) == value);

    public IEnumerable<KubeObject> All(GroupResource resource, string ns = "") =>
        items.Values.Where(i => i.Key.GroupResource == resource && (ns.Length == 0 || i.Key.Namespace == ns)).OrderBy(i => i.Key.ToString(), StringComparer.Ordinal);
}
