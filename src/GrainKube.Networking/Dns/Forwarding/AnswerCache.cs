using System.Collections.Concurrent;
using System.Text;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>What was asked, for finding its answer again.</summary>
/// <param name="Name">The name's bytes, one character each.</param>
internal readonly record struct AnswerKey(string Name, RecordType Type, bool Dnssec)
{
    public static AnswerKey Of(ReadOnlySpan<byte> name, RecordType type, bool dnssec) => new(Encoding.Latin1.GetString(name), type, dnssec);
}

/// <summary>Answers of other servers for as long as they are good, at most half a minute. Bounded: when it is full, what is stale goes, and then everything.</summary>
internal sealed class AnswerCache
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<AnswerKey, UpstreamAnswer> answers = new();
    private int count;

    public UpstreamAnswer? Find(AnswerKey key) => answers.TryGetValue(key, out var answer) && answer.IsFresh ? answer : null;

    public void Keep(AnswerKey key, UpstreamAnswer answer)
    {
        answers[key] = answer;
        if (Interlocked.Increment(ref count) <= Capacity)
        {
            return;
        }

        foreach (var old in answers.Where(a => !a.Value.IsFresh))
        {
            answers.TryRemove(old);
        }

        // Somebody asks thousands of names in half a minute: no choice among them is worth its time.
        if (answers.Count > Capacity / 2)
        {
            answers.Clear();
        }

        Interlocked.Exchange(ref count, answers.Count);
    }
}
