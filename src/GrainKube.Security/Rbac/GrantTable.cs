using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace GrainKube.Security.Rbac;

/// <summary>Who was granted what, by subject and namespace. One writer at a time; readers take no lock.</summary>
internal sealed class GrantTable
{
    private readonly ConcurrentDictionary<Place, ImmutableArray<RoleGrant>> grants = new();
    private readonly Dictionary<(string Namespace, string Name), ImmutableArray<Place>> bindings = [];

    /// <summary>Sets what a binding grants, in place of what it granted before.</summary>
    public void Put(string ns, string name, RoleReference role, IReadOnlyList<RoleSubject> subjects)
    {
        var before = bindings.GetValueOrDefault((ns, name), []);
        var after = subjects.Select(s => new Place(ns, s.IsGroup, s.Match)).Distinct().ToImmutableArray();
        foreach (var subject in subjects.DistinctBy(s => new Place(ns, s.IsGroup, s.Match)))
        {
            // Replaced in one step: an access that both versions allow is never refused in between.
            var grant = new RoleGrant(ns, name, role, subject.Text);
            grants.AddOrUpdate(
                new Place(ns, subject.IsGroup, subject.Match),
                _ => [grant],
                (_, old) => Insert(old.RemoveAll(g => g.BindingName == name), grant));
        }

        bindings[(ns, name)] = after;
        Forget(name, before.Except(after));
    }

    public void Remove(string ns, string name)
    {
        if (bindings.Remove((ns, name), out var places))
        {
            Forget(name, places);
        }
    }

    public ImmutableArray<RoleGrant> For(string ns, bool isGroup, string subject) =>
        grants.TryGetValue(new Place(ns, isGroup, subject), out var found) ? found : [];

    private static ImmutableArray<RoleGrant> Insert(ImmutableArray<RoleGrant> list, RoleGrant grant)
    {
        var at = 0;
        while (at < list.Length && string.CompareOrdinal(list[at].BindingName, grant.BindingName) < 0)
        {
            at++;
        }

        return list.Insert(at, grant);
    }

    private void Forget(string name, IEnumerable<Place> places)
    {
        foreach (var place in places)
        {
            if (grants.TryGetValue(place, out var list))
            {
                var rest = list.RemoveAll(g => g.BindingName == name);
                if (rest.IsEmpty)
                {
                    grants.TryRemove(place, out _);
                }
                else
                {
                    grants[place] = rest;
                }
            }
        }
    }

    private readonly record struct Place(string Namespace, bool IsGroup, string Name);
}
