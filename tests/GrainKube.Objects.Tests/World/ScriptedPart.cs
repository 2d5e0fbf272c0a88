using System.Collections.Concurrent;
using GrainKube.Objects.Writes.Parts;

namespace GrainKube.Objects.Tests.World;

/// <summary>Does what a test says for the objects it names.</summary>
internal sealed class ScriptedPart : ITransactionPart
{
    private readonly ConcurrentDictionary<string, Func<CommitRequest, TransactionAddition>> scripts = new();

    public void For(string name, Func<CommitRequest, TransactionAddition> script) => scripts[name] = script;

    public bool Handles(CommitRequest commit) => scripts.ContainsKey(commit.Key.Name);

    public ValueTask<TransactionAddition> AddAsync(CommitRequest commit) => ValueTask.FromResult(scripts[commit.Key.Name](commit));
}
