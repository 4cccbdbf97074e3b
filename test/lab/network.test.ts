import { freeSubnet, machineAddress } from '../../lab/network';

describe('the address range of a lab', () => {
  test('is the first one where nothing else is in use', () => {
    expect(freeSubnet(['192.0.2.0/24', '172.17.0.0/16'])).toBe('10.89.36.0/24');
  });

  test('avoids ranges in use, single addresses and larger ranges that cover it', () => {
    expect(freeSubnet(['10.89.36.0/24', '10.89.37.9', '10.89.38.0/23'])).toBe('10.89.40.0/24');
  });

  test('is refused with a remedy when a route covers every candidate', () => {
    expect(() => freeSubnet(['10.0.0.0/8'])).toThrow(/10\.89\.36\.0\/24 to 10\.89\.99\.0\/24.*LAB_NO_FREE_SUBNET/s);
  });

  test('gives each machine the same address whenever it is made', () => {
    const network = { name: 'n', subnet: '10.89.40.0/24', gateway: '10.89.40.1' };
    expect([0, 1, 2].map((index) => machineAddress(network, index))).toEqual([
      '10.89.40.11',
      '10.89.40.12',
      '10.89.40.13',
    ]);
  });
});
