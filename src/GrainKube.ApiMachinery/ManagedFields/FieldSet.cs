namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>
/// A set of places in an object, as a tree. Steps are written as the wire has them: <c>f:name</c> a field, <c>k:{"name":"web"}</c> an element by its keys, <c>v:"text"</c> an element by its value.
/// </summary>
/// <remarks>Source of the form: FieldsV1 of the API's ManagedFieldsEntry, KEP-555. Operations leave their operands as they are, and their result may share parts with them: what was combined is not changed in place any more.</remarks>
internal sealed class FieldSet
{
    private static readonly Dictionary<string, FieldSet> None = new(StringComparer.Ordinal);
    private Dictionary<string, FieldSet> children = None; // most places have none

    /// <summary>The place itself belongs to the set, whatever of what lies below it does.</summary>
    public bool IsMember { get; set; }

    public IReadOnlyDictionary<string, FieldSet> Children => children;

    public bool IsEmpty => !IsMember && children.Count == 0;

    /// <summary>What lies below a step; made where it is not there.</summary>
    public FieldSet At(string step)
    {
        if (!children.TryGetValue(step, out var child))
        {
            Put(step, child = new FieldSet());
        }

        return child;
    }

    /// <summary>Gives a step what lies below it, in place; that belongs to both sets from then on.</summary>
    public void Put(string step, FieldSet below)
    {
        if (ReferenceEquals(children, None))
        {
            children = new Dictionary<string, FieldSet>(StringComparer.Ordinal);
        }

        children[step] = below;
    }

    /// <summary>What lies below a step, or null.</summary>
    public FieldSet? Find(string step) => children.GetValueOrDefault(step);

    /// <summary>What lies below a step, or null.</summary>
    public FieldSet? Find(ReadOnlySpan<char> step) => children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(step, out var below) ? below : null;

    /// <summary>Takes a step and all below it out, in place.</summary>
    public void Remove(string step) => children.Remove(step);

    /// <summary>Forgets branches without a member, in place.</summary>
    public FieldSet Trim()
    {
        foreach (var (step, child) in children)
        {
            if (child.Trim().IsEmpty)
            {
                children.Remove(step);
            }
        }

        return this;
    }

    public FieldSet Union(FieldSet other) => Combine(this, other, static (mine, theirs) => mine || theirs);

    public FieldSet Difference(FieldSet other) => Combine(this, other, static (mine, theirs) => mine && !theirs);

    public FieldSet Intersection(FieldSet other) => Combine(this, other, static (mine, theirs) => mine && theirs);

    public bool SetEquals(FieldSet other) =>
        IsMember == other.IsMember && children.Count == other.children.Count
        && children.All(c => other.children.TryGetValue(c.Key, out var theirs) && c.Value.SetEquals(theirs));

    /// <summary>The members' paths, in the order of their steps.</summary>
    public IEnumerable<IReadOnlyList<string>> Members() => Members([]);

    private IEnumerable<IReadOnlyList<string>> Members(List<string> path)
    {
        if (IsMember)
        {
            yield return [.. path];
        }

        foreach (var (step, child) in children.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            path.Add(step);
            foreach (var member in child.Members(path))
            {
                yield return member;
            }

            path.RemoveAt(path.Count - 1);
        }
    }

    private static FieldSet Combine(FieldSet mine, FieldSet theirs, Func<bool, bool, bool> keeps)
    {
        var result = new FieldSet { IsMember = keeps(mine.IsMember, theirs.IsMember) };
        foreach (var (step, child) in mine.children)
        {
            if (theirs.Find(step) is { } other)
            {
                result.PutUnlessEmpty(step, Combine(child, other, keeps));
            }
            else if (keeps(true, false))
            {
                result.PutUnlessEmpty(step, child);
            }
        }

        foreach (var (step, child) in theirs.children)
        {
            if (keeps(false, true) && mine.Find(step) is null)
            {
                result.PutUnlessEmpty(step, child);
            }
        }

        return result;
    }

    private void PutUnlessEmpty(string step, FieldSet below)
    {
        if (!below.IsEmpty)
        {
            Put(step, below);
        }
    }
}
