using CsCheck;
using GrainKube.ApiServer.FlowControl;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

public sealed class DealerTests
{
    [Fact]
    public void A_hand_has_different_queues_and_is_always_the_same() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 128], Gen.Int[1, 8]).Sample((entropy, deck, size) =>
        {
            var hand = new int[Math.Min(size, deck)];
            var again = new int[hand.Length];
            Dealer.Deal(entropy, deck, hand);
            Dealer.Deal(entropy, deck, again);
            return hand.Distinct().Count() == hand.Length && hand.All(card => card >= 0 && card < deck) && hand.SequenceEqual(again);
        });

    [Fact]
    public void Every_hand_comes_about_as_often_as_any_other()
    {
        var seen = new Dictionary<(int, int), int>();
        for (var entropy = 0UL; entropy < 20 * 100; entropy++)
        {
            var hand = new int[2];
            Dealer.Deal(entropy, 5, hand);
            seen[(hand[0], hand[1])] = seen.GetValueOrDefault((hand[0], hand[1])) + 1;
        }

        Assert.Equal(10, seen.Count);
        Assert.All(seen.Values, count => Assert.Equal(200, count));
    }
}
