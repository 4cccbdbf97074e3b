console.log('# EOF');
